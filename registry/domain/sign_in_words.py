"""What does sign-in say when something went well or wrong? Short, and what to do next."""

from __future__ import annotations

_SIGN_IN_AGAIN = "Please sign in again to set up your second factor."
_WRONG_CODE = "This code is not right, or was used already. Wait for the next code of your app and type that one."
_NEW_LINK = "Choose “Forgot the password?” on the sign-in page to be sent a new one, or ask your administrator."
SENTENCES = {
    "GENERIC_AUTHN_FAILED": ("The address or the password is not right. Check both and try again.", "error"),
    "UNAUTHORIZED": ("Your role does not include this. Ask your coordinator for the role that does.", "error"),
    "UNAUTHENTICATED": ("Sign in to open this page.", "error"),
    "LOGIN": ("Sign in to open this page.", "info"),
    "REAUTHENTICATION_REQUIRED": ("Type your password again to go on.", "error"),
    "REFRESH": ("Type your password again to go on.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. You can go on.", "info"),
    "ANONYMOUS_USER_REQUIRED": ("You are signed in already. Sign out first to open that page.", "error"),
    "GENERIC_RECOVERY": (
        "If this address has an account, a link for a new password was sent to it. Look into your mail.",
        "info",
    ),
    "PASSWORD_RESET": ("Your new password is set and you are signed in.", "success"),
    "PASSWORD_RESET_NO_LOGIN": ("Your new password is set. Sign in with it.", "success"),
    "PASSWORD_RESET_EXPIRED": (f"This link worked for %(within)s only. {_NEW_LINK}", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (f"This link does not work, or was used already. {_NEW_LINK}", "error"),
    "PASSWORD_CHANGE": ("Your password is changed.", "success"),
    "PASSWORD_IS_THE_SAME": ("This is the password you have now. Choose another one.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("The two passwords differ. Type the same one twice.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Type your password.", "error"),
    "INVALID_PASSWORD": ("This is not your password. Type it again.", "error"),
    "EMAIL_NOT_PROVIDED": ("Type your mail address.", "error"),
    "INVALID_EMAIL_ADDRESS": ("This is not a mail address. Write one such as name@police.example.", "error"),
    "DISABLED_ACCOUNT": ("This account is closed. Ask your administrator.", "error"),
    "INVALID_CODE": (_WRONG_CODE, "error"),
    "TWO_FACTOR_INVALID_TOKEN": (_WRONG_CODE, "error"),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("Your code is right and you are signed in.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Your second factor is set up.", "success"),
    "TWO_FACTOR_PERMISSION_DENIED": (_SIGN_IN_AGAIN, "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("Choose one of the ways shown.", "error"),
    "TWO_FACTOR_DISABLED": ("Your second factor is switched off.", "success"),
    "TWO_FACTOR_SETUP_EXPIRED": ("Setting up took longer than %(within)s. Begin again.", "error"),
    "INVALID_RECOVERY_CODE": ("This recovery code is not right, or was used already. Type another one.", "error"),
}
"""What sign-in says, in place of the framework's sentences: what happened and what to do."""
