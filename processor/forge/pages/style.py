"""The one stylesheet of the human pages, for light and dark."""

STYLE = """
:root { color-scheme: light dark; --line: #d1d9e0; --soft: #59636e; --back: #f6f8fa; --link: #0969da;
  --add: #dafbe1; --del: #ffebe9; --open: #1a7f37; --closed: #8250df; --draft: #59636e; --shut: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --soft: #9198a1; --back: #151b23; --link: #4493f8;
  --add: #12351f; --del: #3f1d20; --open: #238636; --closed: #8957e5; --draft: #656c76; --shut: #da3633; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
header { border-bottom: 1px solid var(--line); padding-bottom: .5rem; margin-bottom: 1.5rem; color: var(--soft); }
h1 { font-size: 1.6rem; font-weight: 500; margin: .2rem 0 .6rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
.soft { color: var(--soft); } .number { color: var(--soft); font-weight: 300; }
.pill { border-radius: 2em; padding: .15rem .7rem; color: #fff; font-size: .82rem; font-weight: 600; }
.open { background: var(--open); } .closed, .merged { background: var(--closed); } .draft { background: var(--draft); }
.shut { background: var(--shut); }
.label { border: 1px solid var(--line); border-radius: 2em; padding: 0 .55rem; font-size: .78rem; margin-left: .3rem;
  white-space: nowrap; }
/* A title with a direction mark turns nothing round but itself. */
a, .label, bdi { unicode-bidi: isolate; }
ul.rows { list-style: none; padding: 0; margin: 0; border: 1px solid var(--line); border-radius: 6px; }
ul.rows li { padding: .55rem .9rem; border-top: 1px solid var(--line); } ul.rows li:first-child { border-top: 0; }
article { border: 1px solid var(--line); border-radius: 6px; margin: 1rem 0; overflow: hidden; }
article > h3 { margin: 0; padding: .5rem .9rem; background: var(--back); border-bottom: 1px solid var(--line);
  font-size: .88rem; font-weight: 500; }
article > .text { padding: .8rem .9rem; overflow-wrap: anywhere; }
.text > :first-child { margin-top: 0; } .text > :last-child { margin-bottom: 0; }
.text h1, .text h2, .text h3 { font-size: 1rem; font-weight: 600; margin: 1.2rem 0 .5rem; }
.text code { background: var(--back); border-radius: 4px; padding: .1rem .3rem; font: .85em ui-monospace, monospace; }
.text pre { background: var(--back); border-radius: 6px; padding: .7rem .9rem; }
.text pre code { padding: 0; font: inherit; }
.text table { border-collapse: collapse; } .text th, .text td { border: 1px solid var(--line); padding: .25rem .7rem; }
pre { margin: 0; overflow-x: auto; font: 12px/1.55 ui-monospace, monospace; }
pre span { display: block; padding: 0 .9rem; min-width: max-content; }
.add { background: var(--add); } .del { background: var(--del); } .hunk { color: var(--soft); background: var(--back); }
"""
