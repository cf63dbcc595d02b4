/* On paper the chart comes last of its column, on a page of its own: in front of the
   evidence it would leave the first page empty wherever it does not fit. */

let place = null;

function focused(move) {
  const had = document.activeElement;
  move();
  if (had && had !== document.activeElement) had.focus({ preventScroll: true });
}

/* `paper`: about to be printed, or printed. */
export function laid(root, paper) {
  const column = root.closest("[data-paper-column]");
  if (paper && column && !place) {
    focused(() => {
      place = document.createComment("chart");
      root.before(place);
      column.append(root);
    });
  } else if (!paper && place) {
    focused(() => place.replaceWith(root));
    place = null;
  }
}
