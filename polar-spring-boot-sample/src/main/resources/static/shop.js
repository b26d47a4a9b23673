// Without JavaScript, the forms are plain buy buttons that redirect to Polar's page.
async function startCheckout(form) {
	const response = await fetch(form.action, {
		method: "POST",
		headers: { Accept: "application/json" },
		body: new URLSearchParams(new FormData(form)),
	});
	const result = await response.json();
	if (!response.ok) {
		throw new Error(result.detail ?? result.title);
	}
	return result;
}

for (const form of document.querySelectorAll("form[data-embed]")) {
	form.addEventListener("submit", async (event) => {
		if (!window.Polar) {
			return;
		}
		event.preventDefault();
		try {
			const checkout = await startCheckout(form);
			await Polar.EmbedCheckout.create(checkout.url);
		}
		catch (problem) {
			form.submit(); // redirects to Polar's page, or shows the shop's error page
		}
	});
}

for (const form of document.querySelectorAll("form[data-link]")) {
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		const output = form.parentElement.querySelector("output");
		try {
			const checkout = await startCheckout(form);
			const link = document.createElement("a");
			link.href = checkout.url;
			link.textContent = "Payment link, valid until " + new Date(checkout.expiresAt).toLocaleString("en-US");
			output.replaceChildren(link);
		}
		catch (problem) {
			output.textContent = problem.message;
		}
	});
}
