/*
 * Embeds the fake's checkout page in a page of the shop, with the methods and events of Polar's script, which only
 * supports Polar itself: await Polar.EmbedCheckout.create(url, { theme: "light" }).
 */
(() => {
	const fake = new URL(document.currentScript.src).origin;

	class EmbedCheckout extends EventTarget {

		static create(url, options = {}) {
			const page = new URL(url);
			page.searchParams.set("embed", "true");
			if (options.theme) {
				page.searchParams.set("theme", options.theme);
			}
			const frame = document.createElement("iframe");
			frame.src = page;
			frame.title = "Checkout";
			frame.style.cssText = "display: block; width: 100%; height: 100%; border: 0";
			const checkout = new EmbedCheckout(frame);
			checkout.show();
			return new Promise((resolve) => checkout.addEventListener("loaded", () => resolve(checkout), { once: true }));
		}

		constructor(frame) {
			super();
			this.frame = frame;
			this.closable = true;
			this.dialog = document.createElement("dialog");
			this.dialog.ariaLabel = frame.title;
			this.dialog.style.cssText = "width: 100%; height: 100%; max-width: none; max-height: none; margin: 0; padding: 0; "
				+ "border: 0; background: none";
			this.dialog.append(frame);
			this.dialog.addEventListener("cancel", (event) => {
				event.preventDefault();
				this.receive({ origin: fake, source: frame.contentWindow, data: { type: "POLAR_CHECKOUT", event: "close" } });
			});
			// browsers close a dialog despite preventDefault() if the user did nothing since the last cancel
			this.dialog.addEventListener("close", () => this.close());
			this.listener = (message) => this.receive(message);
			window.addEventListener("message", this.listener);
		}

		receive({ origin, source, data }) {
			if (origin !== fake || source !== this.frame.contentWindow || data.type !== "POLAR_CHECKOUT") {
				return;
			}
			if (data.event === "success") {
				// also if the page prevents the redirect: unlike Polar's, this dialog makes the page inert
				this.closable = true;
			}
			if (!this.dispatchEvent(new CustomEvent(data.event, { detail: data, cancelable: true }))) {
				return;
			}
			if (data.event === "loaded") {
				this.frame.contentWindow.focus();
			}
			else if (data.event === "confirmed") {
				this.closable = false;
			}
			else if (data.event === "close" && this.closable) {
				this.close();
			}
			else if (data.event === "success" && data.redirect) {
				window.location.href = data.successURL;
			}
		}

		show() {
			document.body.append(this.dialog);
			this.dialog.showModal();
		}

		close() {
			window.removeEventListener("message", this.listener);
			this.dialog.close();
			this.dialog.remove();
		}

	}

	window.Polar = { ...window.Polar, EmbedCheckout };
})();
