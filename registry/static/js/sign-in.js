// Fills the sign-in form with a demo account at one tap.
for (const button of document.querySelectorAll("[data-fill-email]")) {
  button.addEventListener("click", () => {
    document.getElementById("email").value = button.dataset.fillEmail;
    document.getElementById("password").value = button.dataset.fillPassword;
    document.querySelector("#sign-in button[type=submit]").focus();
  });
}
