package shop;

import io.github.polarspring.web.PolarCheckout;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;

@Controller
class ShopController {

	@PostMapping("/buy/pro")
	@PolarCheckout("pro")
	void buyPro() {
	}

}
