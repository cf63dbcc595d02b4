"""A decision that can be signed: everything that a signature asks for is in it."""

from typing import Any

from monitor.clinical.ctcae.naming import PROPOSALS
from monitor.episodes.assessing import protocol_of
from monitor.episodes.models import Episode
from monitor.review import choices
from monitor.review.models import Review, Signature
from monitor.trials.wording import key_of_topic


def whole(episode: Episode, **told: Any) -> dict[str, Any]:
    """`told`, with each suspect judged, each agent's action, outcome, expectedness.

    What is not confirmed is left as it is: it is signed without them. What was signed
    is decided again with a reason, if `told` has none.
    """
    told = anew(episode) | told
    if told.get("verdict", "agree") not in ("agree", "regrade"):
        return told
    protocol = protocol_of(episode.cycle)
    agents = choices.agents_of(protocol)
    judged = dict.fromkeys(choices.suspects_of(protocol), "unlikely")
    judged |= dict.fromkeys(agents, "possible")
    done = dict.fromkeys(agents, "DOSE NOT CHANGED")
    usual = {"verdict": "agree", "outcome": "UNKNOWN"} | named(episode)
    usual |= {"expected": "unexpected"} if told.get("serious") else {}
    return {
        **usual,
        **told,
        "attribution": judged | dict(told.get("attribution") or {}),
        "action": done | dict(told.get("action") or {}),
    }


def named(episode: Episode) -> dict[str, Any]:
    """A CTCAE term and its grade, where the topic is no term itself."""
    if key_of_topic(episode.topic):
        return {}
    first = PROPOSALS[episode.topic].terms[0]
    return {"ctcae_term": first, "grade": 3}


def anew(episode: Episode) -> dict[str, str]:
    """The reason that deciding again needs, where something is signed."""
    signed = Signature.objects.filter(review__in=Review.objects.current())
    again = signed.filter(review__episode=episode).exists()
    return {"reason": "looked at again"} if again else {}


def typed(episode: Episode) -> dict[str, str]:
    """The same as the form of the page sends it."""
    made = whole(episode)
    return anew(episode) | {
        "outcome": made["outcome"],
        **{name: made[name] for name in named(episode)},
        **{f"attribution_{who}": how for who, how in made["attribution"].items()},
        **{f"action_{who}": how for who, how in made["action"].items()},
    }
