/** The page a person sees when a request cannot go on and there is nowhere safe to send them. */
import { createHash } from "node:crypto";
import { brand } from "../../latchkey.config";
import type { EndpointResponse } from "../oauth/message";

export interface ErrorPage {
  status: number;
  title: string;
  /** For the person. */
  message: string;
  /** For the developer of the app. */
  detail?: string;
  requestId?: string;
}

const STYLE = `:root{color-scheme:light dark;--bg:#fafaf9;--panel:#fff;--ink:#1c1917;--soft:#57534e;--line:#e7e5e4;--code:#f5f5f4;--accent:#0f766e;--accent-ink:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#0c0a09;--panel:#161413;--ink:#f5f5f4;--soft:#c7c2bd;--line:#292524;--code:#1f1c1a;--accent:#2dd4bf;--accent-ink:#042f2e}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:28px 16px;background:var(--bg);color:var(--ink);font:15px/1.55 -apple-system,"Segoe UI",Roboto,Cantarell,"Noto Sans","Liberation Sans","Helvetica Neue",Arial,sans-serif}
main{width:100%;max-width:460px;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:28px 26px}
.mark{width:40px;height:40px;border-radius:11px;background:var(--accent);color:var(--accent-ink);display:grid;place-items:center;margin-bottom:16px}
h1{font-size:20px;line-height:1.3;letter-spacing:-.01em;margin:0 0 8px}p{margin:0 0 14px;color:var(--soft)}
dl{margin:18px 0 0;padding-top:16px;border-top:1px solid var(--line);font-size:13px;color:var(--soft);display:grid;gap:10px}dt{font-weight:600}dd{margin:2px 0 0;overflow-wrap:anywhere}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;background:var(--code);border-radius:5px;padding:1px 6px}`;

const MARK = `<svg width="20" height="20" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="8" cy="15" r="4"/><path d="M11 12 20 3m-4 4 3 3"/></svg>`;

/** The page has this one style and no script: its policy names the style by its hash (CSP 3 §2.3.1). */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A whole document of its own: it must stand when nothing else does. */
export function errorPage({ status, title, message, detail, requestId }: ErrorPage): EndpointResponse {
  const facts = [
    detail && ["For the developer of the app", escapeHtml(detail)],
    requestId && ["Request", `<code>${requestId}</code>`],
  ];
  const list = facts
    .map((fact) => (fact ? `<div><dt>${fact[0]}</dt><dd>${fact[1]}</dd></div>` : ""))
    .join("");
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": POLICY,
      "cross-origin-resource-policy": "same-origin",
      "x-frame-options": "DENY",
    },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)} · ${escapeHtml(brand.name)}</title><style>${STYLE}</style></head><body><main><div class="mark">${MARK}</div><h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p>${list && `<dl>${list}</dl>`}</main></body></html>`,
  };
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
