# ruff: noqa: E501 - a table reads better with one row a line
"""Every way out of a page and of a worker that we know, as scripts that try to reach an address.

Each is a function of JavaScript that takes the address; what is refused at once may throw.
"""

from __future__ import annotations

import json

FROM_A_PAGE = {
    "fetch": "a => fetch(a)",
    "fetch that outlives the page": "a => fetch(a, { method: 'POST', body: 'x', keepalive: true, mode: 'no-cors' })",
    "xhr": "a => { const x = new XMLHttpRequest(); x.open('GET', a); x.send(); }",
    "beacon": "a => { navigator.sendBeacon(a, 'x'); }",
    "socket": "a => { new WebSocket(a.replace('http', 'ws')); }",
    "events": "a => { new EventSource(a); }",
    "transport": "a => { new WebTransport(a.replace('http:', 'https:')); }",
    "image": "a => { new Image().src = a; }",
    "picture in a picture set": "a => { const i = document.createElement('img'); i.srcset = `${a} 2x`; document.body.append(i); }",
    "script": "a => { const s = document.createElement('script'); s.src = a; document.head.append(s); }",
    "module": "a => { const s = document.createElement('script'); s.type = 'module'; s.src = a; document.head.append(s); }",
    "import": "a => import(a)",
    "style sheet": "a => { const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = a; document.head.append(l); }",
    "style by script": "a => { const d = document.createElement('div'); d.style.background = `url(${a})`; document.body.append(d); }",
    "rule in a sheet": "a => { const s = new CSSStyleSheet(); s.replaceSync(`body { background: url(${a}) }`); document.adoptedStyleSheets = [s]; }",
    "import in a sheet": "a => { const s = document.createElement('style'); s.textContent = `@import url(${a})`; document.head.append(s); }",
    "font": "a => new FontFace('f', `url(${a})`).load()",
    "picture in a drawing": "a => { const d = document.createElement('div'); d.innerHTML = `<svg><image href='${a}'/><use href='${a}#x'/></svg>`; document.body.append(d); }",
    **{
        f"link {rel}": "a => { const l = document.createElement('link'); l.rel = 'REL'; l.as = 'script'; l.href = a; document.head.append(l); }".replace("REL", rel)
        for rel in ("prefetch", "preload", "modulepreload", "preconnect", "dns-prefetch", "icon", "manifest", "prerender")
    },
    "speculation": "a => { const s = document.createElement('script'); s.type = 'speculationrules';"
    " s.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [a] }], prerender: [{ source: 'list', urls: [a] }] }); document.head.append(s); }",
    "frame": "a => { const f = document.createElement('iframe'); f.src = a; document.body.append(f); }",
    "empty frame's fetch": "async a => { const f = document.createElement('iframe'); document.body.append(f); await f.contentWindow.fetch(a); }",
    "frame from words": "a => { const f = document.createElement('iframe'); f.srcdoc = `<img src='${a}'>`; document.body.append(f); }",
    "frame from a blob": "a => { const f = document.createElement('iframe'); f.src = URL.createObjectURL(new Blob([`<img src='${a}'>`], { type: 'text/html' })); document.body.append(f); }",
    "object": "a => { const o = document.createElement('object'); o.data = a; document.body.append(o); }",
    "embed": "a => { const o = document.createElement('embed'); o.src = a; document.body.append(o); }",
    "video": "a => { const v = document.createElement('video'); v.src = a; v.poster = a; document.body.append(v); }",
    "sound": "a => { new Audio(a).play(); }",
    "form": "a => { const f = document.createElement('form'); f.action = a; f.method = 'post'; document.body.append(f); f.submit(); }",
    "form in a new tab": "a => { const f = document.createElement('form'); f.action = a; f.target = '_blank'; document.body.append(f); f.submit(); }",
    "ping": "a => { const l = document.createElement('a'); l.href = '#'; l.ping = a; document.body.append(l); l.click(); }",
    "worker": "a => { new Worker(a); }",
    "shared worker": "a => { new SharedWorker(a); }",
    "service worker": "a => navigator.serviceWorker.register(a)",
    "worklet": "a => CSS.paintWorklet.addModule(a)",
    "sound worklet": "a => new AudioContext().audioWorklet.addModule(a)",
    "background fetch": "async a => { const r = await navigator.serviceWorker.ready; await r.backgroundFetch.fetch('x', [a]); }",
    "cache": "async a => { await (await caches.open('x')).add(a); }",
    "base": "a => { const b = document.createElement('base'); b.href = a; document.head.prepend(b); new Image().src = 'x'; b.remove(); }",
    "looser policy": "a => { const m = document.createElement('meta'); m.httpEquiv = 'Content-Security-Policy'; m.content = 'connect-src *'; document.head.append(m); fetch(a); }",
    "policy's report": "a => { const m = document.createElement('meta'); m.httpEquiv = 'Content-Security-Policy'; m.content = `img-src 'none'; report-uri ${a}`; document.head.append(m); new Image().src = 'data:,'; }",
}  # fmt: skip

FROM_A_WORKER = {
    "fetch": "a => fetch(a)",
    "xhr": "a => { const x = new XMLHttpRequest(); x.open('GET', a); x.send(); }",
    "xhr that waits": "a => { const x = new XMLHttpRequest(); x.open('GET', a, false); x.send(); }",
    "socket": "a => { new WebSocket(a.replace('http', 'ws')); }",
    "stream socket": "a => { new WebSocketStream(a.replace('http', 'ws')); }",
    "events": "a => { new EventSource(a); }",
    "transport": "a => { new WebTransport(a.replace('http:', 'https:')); }",
    "import": "a => import(a)",
    "scripts": "a => { importScripts(a); }",
    "font": "a => new FontFace('f', `url(${a})`).load()",
    "worker": "a => { new Worker(a); }",
    "worker from a blob": "a => { new Worker(URL.createObjectURL(new Blob([`fetch('${a}'); import('${a}')`])), { type: 'module' }); }",
    "cache": "async a => { await (await caches.open('x')).add(a); }",
}  # fmt: skip

LEAVING = {
    "a new window": "a => { window.open(a); }",
    "a link": "a => { const l = document.createElement('a'); l.href = a; document.body.append(l); l.click(); }",
}  # fmt: skip
"""What no policy stops: the page itself is left, and an address can carry something."""

BY_DATAGRAM = """async a => {
  const made = new RTCPeerConnection({ iceServers: [{ urls: `stun:${new URL(a).host}` }] });
  made.createDataChannel('x');
  await made.setLocalDescription(await made.createOffer());
  await new Promise((resolve) => setTimeout(resolve, 2000));
  made.close();
}"""
"""WebRTC asks a server of anybody's choice for its own address."""


def in_a_worker(script: str) -> str:
    """A script that does the same from a worker made as the page makes its own."""
    inside = (
        "self.onmessage = async ({data}) => {"
        f" try {{ await ({script})(data); }} catch {{}} postMessage(1); }}"
    )
    return f"""a => new Promise((resolve) => {{
      const source = new Blob([{json.dumps(inside)}], {{ type: "text/javascript" }});
      const made = new Worker(URL.createObjectURL(source), {{ type: "module" }});
      made.onmessage = () => resolve();
      made.onerror = () => resolve();
      made.postMessage(a);
    }})"""


def guarded(script: str) -> str:
    """The script with its refusals swallowed, and an end to its waiting (1 s)."""
    return (
        f"a => Promise.race([(async () => {{ try {{ await ({script})(a); }} catch {{}} }})(),"
        " new Promise((resolve) => setTimeout(resolve, 1000))])"
    )


def all_ways() -> dict[str, str]:
    """All but leaving, from page and worker, by name."""
    ways = {f"page: {name}": script for name, script in FROM_A_PAGE.items()}
    return ways | {f"worker: {name}": in_a_worker(one) for name, one in FROM_A_WORKER.items()}
