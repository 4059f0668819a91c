/*
 * Keeps the page of the SSH sessions up to date without reloading it, and sends its forms without leaving it.
 * The server makes the HTML; this replaces the part that changes, and puts the focus back where it was.
 */
(function () {
  "use strict";

  const REFRESH_MILLIS = 5000;
  const BAD_REQUEST = 400;

  function start() {
    const live = document.getElementById("ssh-sessions-live");
    const status = document.getElementById("ssh-sessions-status");
    const toggle = document.getElementById("ssh-sessions-live-toggle");
    let updating = true;
    let latest = 0;

    /* Screen readers read the status whenever it changes, so it must change only where the numbers do. */
    function tell(text, stale) {
      status.classList.toggle("ssh-sessions-stale", stale);
      if (status.textContent !== text) {
        status.textContent = text;
      }
    }

    function tellSummary() {
      tell(live.querySelector("[data-summary]").dataset.summary, false);
    }

    function show(html) {
      const focused = live.contains(document.activeElement) ? document.activeElement.id : "";
      live.innerHTML = html;
      Behaviour.applySubtree(live, false);
      const again = focused && document.getElementById(focused);
      if (again) {
        again.focus({ preventScroll: true });
      } else if (focused) {
        // What had the focus is gone, with its row or because it was done: stay near, not at the top of the page.
        live.tabIndex = -1;
        live.focus({ preventScroll: true });
      }
      tellSummary();
    }

    /* Of several answers under way the one asked for last is shown. */
    function refresh() {
      const mine = ++latest;
      return fetch(live.dataset.url, { cache: "no-store" })
        .then(function (response) {
          if (!response.ok || response.redirected) {
            throw new Error("HTTP status " + response.status);
          }
          return response.text();
        })
        .then(function (html) {
          if (mine === latest) {
            show(html);
          }
        })
        .catch(function () {
          if (mine === latest) {
            tell(live.dataset.stale, true);
          }
        });
    }

    /* The answer to a form that was done is a redirect to the page, which need not be followed. */
    function whyRefused(response) {
      if (response.ok || response.type === "opaqueredirect") {
        return "";
      }
      return response.status === BAD_REQUEST ? live.dataset.malformed : live.dataset.failed + " (" + response.status + ")";
    }

    function send(form) {
      return fetch(form.action, {
        method: "post",
        headers: crumb.wrap({}),
        body: new URLSearchParams(new FormData(form)),
        redirect: "manual",
      })
        .then(whyRefused)
        .catch(function () {
          return live.dataset.stale;
        })
        .then(function (failure) {
          if (failure) {
            notificationBar.show(failure, notificationBar.ERROR);
            return null;
          }
          form.reset();
          return refresh();
        });
    }

    document.addEventListener("submit", function (event) {
      if (event.target.matches("form.ssh-sessions-action")) {
        event.preventDefault();
        send(event.target);
      }
    });

    toggle.addEventListener("click", function () {
      updating = !updating;
      toggle.textContent = updating ? toggle.dataset.stop : toggle.dataset.start;
      if (updating) {
        refresh();
      }
    });

    tellSummary();
    window.setInterval(function () {
      if (updating && !document.hidden) {
        refresh();
      }
    }, REFRESH_MILLIS);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
