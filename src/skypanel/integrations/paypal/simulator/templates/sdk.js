// A local stand-in for PayPal's JavaScript SDK v6: the same calls, our own approval page.
(() => {
  "use strict";
  const home = new URL(document.currentScript.src).origin;

  const session = ({ onApprove, onCancel, onError } = {}) => {
    const fail = (error) => (onError ? onError(error) : console.error(error));

    const inPopup = (popup, orderId) =>
      new Promise((resolve) => {
        const finish = (outcome) => {
          window.removeEventListener("message", listen);
          clearInterval(watch);
          resolve(outcome);
        };
        const listen = (event) => {
          const said = event.data;
          if (event.origin !== home || !said || said.source !== "paypal-sandbox") return;
          if (said.orderId === orderId) finish(said);
        };
        // A payer may close the window without deciding.
        const watch = setInterval(() => {
          if (popup.closed) finish({ outcome: "cancelled", orderId });
        }, 400);
        window.addEventListener("message", listen);
        popup.location.href =
          `${home}/checkoutnow?popup=1&token=${encodeURIComponent(orderId)}`;
      });

    return {
      async start({ presentationMode = "auto" } = {}, order) {
        // Opened before anything is awaited: later the browser would block it.
        const popup =
          presentationMode === "redirect"
            ? null
            : window.open("about:blank", "paypal-sandbox", "popup,width=460,height=720");
        let orderId;
        try {
          ({ orderId } = await (typeof order === "function" ? order() : order));
          if (!orderId) throw new Error("the order promise gave no orderId");
        } catch (error) {
          if (popup) popup.close();
          fail(error);
          throw error;
        }
        if (!popup) {
          if (presentationMode === "popup") {
            const error = new Error("the browser blocked the PayPal window");
            error.code = "ERR_DEV_UNABLE_TO_OPEN_POPUP";
            fail(error);
            throw error;
          }
          window.location.assign(`${home}/checkoutnow?token=${encodeURIComponent(orderId)}`);
          return;
        }
        const said = await inPopup(popup, orderId);
        try {
          if (said.outcome === "approved") {
            if (onApprove) await onApprove({ orderId, payerId: said.payerId });
          } else if (onCancel) {
            await onCancel({ orderId });
          }
        } catch (error) {
          fail(error);
        }
      },
      cancel() {},
      destroy() {},
      hasReturned: () => false,
      resume: async () => undefined,
    };
  };

  const instance = {
    async findEligibleMethods() {
      return {
        isEligible: (method) => method === "paypal",
        getDetails: () => ({ canBeVaulted: false }),
      };
    },
    createPayPalOneTimePaymentSession: session,
  };

  window.paypal = {
    version: "6.0.0-sandbox",
    async createInstance({ clientId, clientToken, components = [] } = {}) {
      if (!clientId && !clientToken) throw new Error("createInstance needs a clientId");
      const unknown = components.filter((name) => name !== "paypal-payments");
      if (unknown.length) throw new Error(`the sandbox has no ${unknown.join(", ")}`);
      return instance;
    },
  };

  if (!customElements.get("paypal-button")) {
    customElements.define(
      "paypal-button",
      class extends HTMLElement {
        connectedCallback() {
          if (this.shadowRoot) return;
          this.attachShadow({ mode: "open" }).innerHTML =
            "<style>button{all:unset;box-sizing:border-box;width:100%;min-height:44px;" +
            "border-radius:6px;background:#ffc439;color:#111;font:600 16px system-ui;" +
            "text-align:center;cursor:pointer}button:hover{background:#f2b92b}" +
            "button:focus-visible{outline:3px solid #0070e0}:host{display:block}</style>" +
            "<button type=button>Pay with <b>PayPal</b></button>";
        }
      },
    );
  }
})();
