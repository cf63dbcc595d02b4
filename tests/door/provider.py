"""Run as a program: a hospital's identity provider, as small as it can be.

Prints its port. Whoever comes to /authorize is the subject that the address names in
`login_hint`, else `berg-4711`, and is sent back with a code. /token answers once for a
code, to who has the secret and the verifier. What is wrong with a token is named in
`MISTAKE`: aud, iss, exp, nonce, key, alg.
"""

import base64
import hashlib
import json
import os
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY, OTHER = (
    rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)
)
CLIENT, SECRET = "monitor", "a secret of the hospital and us"
MISTAKE = os.environ.get("MISTAKE", "")
CODES: dict[str, dict[str, str]] = {}


class Provider(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            return self.say({"keys": [public | {"kid": "1", "alg": "RS256"}]})
        asked = {name: told[0] for name, told in parse_qs(url.query).items()}
        code = secrets.token_urlsafe()
        CODES[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{back}")
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        told = {name: one[0] for name, one in parse_qs(body).items()}
        asked = CODES.pop(told.get("code", ""), None)
        digest = hashlib.sha256(told.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not asked or told["client_secret"] != SECRET:
            return self.say({"error": "invalid_grant"}, 400)
        if asked["code_challenge"] != proof:
            return self.say({"error": "invalid_grant"}, 400)
        self.say({"access_token": "none", "id_token": self.token(asked)})

    def token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        payload = {
            "iss": f"http://127.0.0.1:{self.server.server_port}",
            "aud": CLIENT,
            "sub": asked.get("login_hint", "berg-4711"),
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 60,
        }
        wrong = {"aud": "another", "iss": "http://x", "exp": now - 60, "nonce": "old"}
        if MISTAKE in wrong:
            payload[MISTAKE] = wrong[MISTAKE]
        if MISTAKE == "alg":
            return jwt.encode(payload, SECRET, "HS256", headers={"kid": "1"})
        key = OTHER if MISTAKE == "key" else KEY
        return jwt.encode(payload, key, "RS256", headers={"kid": "1"})

    def say(self, told: dict, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_port, flush=True)
    server.serve_forever()
