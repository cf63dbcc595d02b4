"""Static files under names that say what is in them, so that a browser keeps them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Where a script of ours asks for another.
ASKED = (r'(?P<matched>from "(?P<url>\./[^"]+)")', 'from "%(url)s"')


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Also those that only another script names: else they are asked for every minute.

    The scripts of others are served as they wrote them.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (ASKED,)))
