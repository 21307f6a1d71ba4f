"""The forge: a folder, a server over it, and the calls that set the scene."""

from pathlib import Path
from types import TracebackType
from typing import Self

from processor.forge.control.site import ControlSite
from processor.forge.faults import Faults
from processor.forge.gateway import Gateway
from processor.forge.git_access import GitAccess
from processor.forge.http.exchange import Reply, Request
from processor.forge.http.server import Server
from processor.forge.pages.site import Pages
from processor.forge.rate_limits import RateLimits
from processor.forge.request_log import RequestLog, Stats
from processor.forge.rest.api import RestApi
from processor.forge.rest.links import Links
from processor.forge.setup import SetUp
from processor.forge.times import Clock, utc_now
from processor.forge.world.world import World


class Forge(SetUp):
    """A small GitHub, on 127.0.0.1 unless told otherwise.

    Attributes:
        faults: what goes wrong on purpose.
        rate_limits: what each account may ask and has asked.
        requests: the log of REST and git requests.
        world: the state behind the set-up calls.
    """

    def __init__(
        self, root: Path, *, port: int = 0, listen: str = "127.0.0.1", host: str = "127.0.0.1", clock: Clock = utc_now
    ) -> None:
        """Open or create the forge in the folder `root`; nothing listens before start.

        `port` 0 takes a free one, which then stays the same when this object is stopped and started again. `listen` is
        the IPv4 address to bind; `host` is the name under which others reach it, in every address that is given out.
        Raise RuntimeError when another process serves the same root.
        """
        self._root = root
        self._port = port
        self._listen = listen
        self._host = host
        self._clock = clock
        self._server: Server | None = None
        self.world = World(root.resolve(), clock)
        self.faults = Faults()
        self.rate_limits = RateLimits(clock)
        self.requests = RequestLog()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop and close."""
        self.close()

    @property
    def root(self) -> Path:
        """Return the folder that holds everything."""
        return self._root

    @property
    def url(self) -> str:
        """Return the address without a slash at its end; raise RuntimeError before the first start."""
        if self._port == 0:
            raise RuntimeError("the forge has no address before it is started; call start() first")
        return f"http://{self._host}:{self._port}"

    @property
    def api_url(self) -> str:
        """Return the base of the REST API, to give to PyGithub."""
        return f"{self.url}/api/v3"

    @property
    def stats(self) -> Stats:
        """Return how many requests, writes and rate limit there were since the start or the last reset."""
        return self.requests.stats()

    def git_url(self, full_name: str) -> str:
        """Return the address to clone a repository from."""
        return f"{self.url}/{full_name}.git"

    def start(self) -> Self:
        """Begin to listen; raise RuntimeError when the port is taken."""
        if self._server is None:
            self._server = self._listening()
            self._port = self._server.port
            self._gateway = self._joined()
            self._server.start()
        return self

    def stop(self) -> None:
        """Stop listening, hang up on everyone and let go of held requests; the state stays."""
        if self._server is not None:
            self.faults.clear(abandon=True)
            self._server.stop()
            self._server = None

    def close(self) -> None:
        """Stop, and let another forge have the folder."""
        self.stop()
        self.world.store.close()

    def reset(self) -> None:
        """Forget faults, the request log, its counts and rate limits; what people made stays."""
        self.faults.clear()
        self.requests.reset()
        self.rate_limits.reset()

    def _listening(self) -> Server:
        try:
            return Server(self._listen, self._port, self._answer)
        except OSError as exc:
            raise RuntimeError(f"port {self._port} is in use; stop what listens there or choose another port") from exc

    def _answer(self, request: Request) -> Reply:
        return self._gateway.answer(request)

    def _joined(self) -> Gateway:
        links = Links(self.url)
        return Gateway(
            self.world,
            rest=RestApi(self.world, links, self.rate_limits),
            git=GitAccess(self.world),
            control=ControlSite(self).answer,
            pages=Pages(self.world, links).answer,
            faults=self.faults,
            limits=self.rate_limits,
            requests=self.requests,
        )
