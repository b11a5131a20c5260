import js from "@eslint/js";
import globals from "globals";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["node_modules", "dist"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...ts.configs.recommendedTypeChecked],
    plugins: { "react-hooks": hooks },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...hooks.configs.recommended.rules,
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", 250],
      "max-lines-per-function": ["error", { max: 120, skipBlankLines: true, skipComments: true }],
      complexity: ["error", 14],
      "no-console": "error",
    },
  },
  {
    files: ["**/*.test.{ts,tsx}"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/unbound-method": "off" },
  },
  { files: ["scripts/**"], languageOptions: { globals: globals.node } },
  { files: ["e2e/**"], rules: { "max-lines": ["error", 250] }, languageOptions: { globals: { ...globals.node, ...globals.browser } } },
);
