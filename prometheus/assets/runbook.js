// Links to panels are written for a Grafana at localhost:3000. Where it really is, the Prometheus that serves this page
// knows: `grafana_url` in its external_labels. Without an answer the links stay as they are written.
const WRITTEN = "http://localhost:3000";

async function grafanaUrl() {
  const prometheus = location.pathname.split("/user/")[0];
  const answer = await fetch(`${prometheus}/api/v1/status/config`);
  const config = (await answer.json()).data.yaml;
  return config.match(/^ +grafana_url: ["']?(https?:\/\/[^\s"']+)/m)?.[1].replace(/\/+$/, "");
}

grafanaUrl().then((url) => {
  for (const link of url ? document.querySelectorAll(`a[href^="${WRITTEN}/d/"]`) : []) {
    link.href = url + link.getAttribute("href").slice(WRITTEN.length);
  }
}, () => {});
