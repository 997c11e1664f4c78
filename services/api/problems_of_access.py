"""Problems of signing in: who is not let in learns what to do, and nothing of anybody else."""

from collections.abc import Mapping

from services.api.problem_words import Kind, Words

ACCESS: Mapping[str, Kind] = {
    "unauthorised": Kind(
        401,
        Words(
            "Sign in, or send a valid API key",
            "Send the header Authorization: Bearer <key>, or sign in by POST /sessions. A key is"
            " made with `distributary key new NAME`; a revoked key needs a new one.",
        ),
        Words(
            "请登录，或发送有效的 API 密钥",
            "请发送请求头 Authorization: Bearer <密钥>，或用 POST /sessions 登录。"
            "用 `distributary key new 名称` 创建密钥；已吊销的密钥需要换成新的。",
        ),
    ),
    "sign-in-failed": Kind(
        401,
        Words(
            "The account or the password is wrong",
            "Check both. Whoever forgot the password asks an administrator for a one-time"
            " password.",
        ),
        Words("账号或密码不正确", "请检查账号和密码。忘记密码时，请向管理员索取一次性密码。"),
    ),
    "too-many-attempts": Kind(
        429,
        Words(
            "Too many sign-ins failed",
            "Try again in {seconds} seconds; each further failure makes the wait longer.",
        ),
        Words("登录失败次数过多", "请在 {seconds} 秒后重试；每多失败一次，等待时间就更长。"),
    ),
    "too-many-codes": Kind(
        429,
        Words(
            "Too many codes were mailed to this address",
            "{address} is mailed {most} codes a day. Look for the last one, or try again tomorrow.",
        ),
        Words(
            "发送到此邮箱的验证码过多",
            "{address} 每天最多接收 {most} 个验证码。请查找最近一封，或明天再试。",
        ),
    ),
    "too-many-tests": Kind(
        429,
        Words(
            "Too many test messages were sent to this destination",
            "Try again in {seconds} seconds.",
        ),
        Words("发送到此目标的测试消息过多", "请在 {seconds} 秒后重试。"),
    ),
    "too-many-reads": Kind(
        429,
        Words("This address is read too often", "Read it again in {seconds} seconds."),
        Words("读取此地址过于频繁", "请在 {seconds} 秒后再读取。"),
    ),
    "forbidden": Kind(
        403,
        Words(
            "No role of the account grants this",
            "{action} is not granted. Ask whoever gives roles; `distributary access why` tells what"
            " is.",
        ),
        Words(
            "该账号的角色未授予此项权限",
            "未授予 {action}。请联系负责授权的人员；`distributary access why` 说明已授予的权限。",
        ),
    ),
    "password-change-needed": Kind(
        403,
        Words(
            "The one-time password must be changed first",
            "Send the old and a new password by PUT /password; then all else is open.",
        ),
        Words("请先更换一次性密码", "请用 PUT /password 提交旧密码和新密码，之后即可继续。"),
    ),
    "csrf-token-needed": Kind(
        403,
        Words(
            "The request does not come from our own pages",
            "Send the header X-CSRF-Token with the token that signing in, or"
            " GET /sessions/current, answered.",
        ),
        Words(
            "请求并非来自本站页面",
            "请发送请求头 X-CSRF-Token，其值由登录或 GET /sessions/current 返回。",
        ),
    ),
    "foreign-origin": Kind(
        403,
        Words(
            "The request comes from another site",
            "{origin} is not {ours}. Open the pages at that address, or set"
            " DISTRIBUTARY_PUBLIC_URL to the one that browsers use.",
        ),
        Words(
            "请求来自其他网站",
            "{origin} 不是 {ours}。请在该地址打开页面，"
            "或将 DISTRIBUTARY_PUBLIC_URL 设为浏览器使用的地址。",
        ),
    ),
    "issuer-down": Kind(
        503,
        Words(
            "The sign-in service does not answer",
            "{reason}. Try again in a moment; a password or an API key is good meanwhile.",
        ),
        Words(
            "登录服务没有响应",
            "{reason}。请稍后重试；在此期间可以使用密码或 API 密钥。",
        ),
    ),
    "no-issuer": Kind(
        404,
        Words(
            "Nobody signs in by an OpenID Connect issuer here",
            "Sign in by POST /sessions, or set DISTRIBUTARY_OIDC_ISSUER and"
            " DISTRIBUTARY_OIDC_CLIENT_ID.",
        ),
        Words(
            "此处未配置 OpenID Connect 登录",
            "请用 POST /sessions 登录，或设置 DISTRIBUTARY_OIDC_ISSUER 和"
            " DISTRIBUTARY_OIDC_CLIENT_ID。",
        ),
    ),
    "oidc-refused": Kind(
        401,
        Words(
            "The sign-in service has not proved who you are",
            "{reason}. Begin again at GET /sessions/oidc; if it stays, tell the administrator.",
        ),
        Words(
            "登录服务未能证明您的身份",
            "{reason}。请从 GET /sessions/oidc 重新开始；若仍然失败，请联系管理员。",
        ),
    ),
    "beyond-the-key": Kind(
        403,
        Words(
            "The key may not do this",
            "None of the key's scopes is {action}. Make a key with that scope, or use one without"
            " any.",
        ),
        Words(
            "该密钥无权执行此操作",
            "密钥的范围不包含 {action}。请创建含该范围的密钥，或使用不限范围的密钥。",
        ),
    ),
    "wrong-password": Kind(
        403,
        Words(
            "The old password is wrong",
            "Check it; whoever forgot it asks an administrator for a one-time password.",
        ),
        Words("旧密码不正确", "请检查旧密码；忘记密码时，请向管理员索取一次性密码。"),
    ),
}
