/** Sign-in and the first change of password. */
export default function SignIn() {
  return null;
}
