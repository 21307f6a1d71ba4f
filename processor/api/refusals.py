"""What is answered when something is refused or goes wrong: always one sentence, in the same form."""

from collections.abc import Mapping

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from processor.errors import LedgerError, ProcessorError

#: The framework's own words, and what an operator can do about it.
_SENTENCES: Mapping[tuple[int, str], str] = {
    (404, "Not Found"): "there is no such route; /docs lists them",
    (405, "Method Not Allowed"): "this route takes another method; /docs lists which",
}
_NO_JSON = "body: send JSON, with the header Content-Type: application/json"


def answer_errors(app: FastAPI) -> None:
    """Say what went wrong; the framework's own words say too little."""

    @app.exception_handler(LedgerError)
    def ledger_unreachable(_request: Request, _error: LedgerError) -> JSONResponse:
        return JSONResponse({"detail": "the ledger cannot be reached at the moment"}, status_code=503)

    @app.exception_handler(ProcessorError)
    def failed(_request: Request, error: ProcessorError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=500)

    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> Response:
        if error.status_code == 400:
            # The framework's own word on a body that it cannot decode.
            return JSONResponse({"detail": "body: this is no JSON in UTF-8"}, status_code=422)
        if sentence := _SENTENCES.get((error.status_code, error.detail)):
            return JSONResponse({"detail": sentence}, error.status_code, error.headers)
        return await http_exception_handler(request, error)

    @app.exception_handler(RequestValidationError)
    def wrong_request(_request: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is not sent back: it may be no JSON at all, and it may be a secret in the wrong place.
        if isinstance(error.body, bytes):
            return JSONResponse({"detail": _NO_JSON}, status_code=422)
        told = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        return JSONResponse({"detail": "; ".join(told)}, status_code=422)
