/** Words of the page about the product. */
import { defineWords } from "@/i18n";

export const useAboutWords = defineWords(
  "about",
  {
    title: "关于银枢",
    description: "有据才作答的银行知识平台。",
    version: "版本",
    licence: "许可证",
    own: "银枢以 Apache-2.0 许可证开放源代码。",
    parts: "组成部分（{{n}}）",
    partsHint: "运行所需的全部开源组件及其许可证。",
    name: "组件",
    sbom: "下载软件物料清单（CycloneDX）",
    search: "查找组件或许可证",
    none: "没有符合的组件",
    unknown: "未写明",
  },
  {
    title: "About Yinshu",
    description: "The bank's knowledge platform that answers only with proof.",
    version: "Version",
    licence: "Licence",
    own: "Yinshu is open source under Apache-2.0.",
    parts: "Parts ({{n}})",
    partsHint: "Every open-source part that it runs on, with its licence.",
    name: "Part",
    sbom: "Download the bill of materials (CycloneDX)",
    search: "Find a part or a licence",
    none: "No part matches",
    unknown: "Not stated",
  },
);
