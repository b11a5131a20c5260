// A real OpenID Connect provider for the tests: PKCE required, signed with RS256, one client, one person.
import { Provider } from "oidc-provider";

const [port, redirect] = [Number(process.argv[2]), process.argv[3]];
const issuer = `http://127.0.0.1:${port}`;
const person = {
  sub: "8842",
  preferred_username: "Zhou.Jie",
  name: "周洁",
  email: "zhoujie@bank.example",
  department: "Head Office/IT",
  posts: ["sec-officer", "unknown-post"],
};
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "yinshu",
      client_secret: "a-secret-of-the-test-only",
      redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  pkce: { required: () => true },
  scopes: ["openid", "profile", "email"],
  claims: { openid: ["sub"], profile: ["preferred_username", "name", "department", "posts"], email: ["email"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...person, sub: id }) }),
  features: { devInteractions: { enabled: true } },
});
provider.listen(port, "127.0.0.1", () => console.log("ready"));
