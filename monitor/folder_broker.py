"""Messages through a folder, of which none can be taken before it is whole.

Kombu's own transport opens the file under its last name and writes it then; a worker
that looks in between takes it away, reads half of it and ends.
"""

import os
import uuid
from time import monotonic_ns
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes beside, then renames: a rename is there or not."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        # Sorted by name, messages come in the order in which they were sent.
        name = f"{monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        path = os.path.join(self.data_folder_out, name)
        try:
            with open(f"{path}.part", "wb") as file:
                file.write(dumps(payload).encode())
            os.replace(f"{path}.part", path)
        except OSError as failure:
            raise ChannelError(f"Cannot write the message {name!r}") from failure


class Transport(filesystem.Transport):
    Channel = Channel
