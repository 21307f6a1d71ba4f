"""PyGithub as this room imports it: cryptography is loaded where a GitHub App signs, not for a token."""

from processor.late_imports import put_off

with put_off("jwt", "nacl", "nacl.encoding", "nacl.public"):
    from github.Auth import AppAuth, AppAuthToken, Auth
    from github.Auth import Token as TokenAuth
    from github.Requester import HTTPSRequestsConnectionClass, Requester

__all__ = ["AppAuth", "AppAuthToken", "Auth", "HTTPSRequestsConnectionClass", "Requester", "TokenAuth"]
