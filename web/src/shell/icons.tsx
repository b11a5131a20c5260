/** One icon for each page. */
import {
  AuditOutlined, BookOutlined, ClusterOutlined, FileDoneOutlined, HomeOutlined, InfoCircleOutlined,
  MessageOutlined, QuestionCircleOutlined, SafetyOutlined, SettingOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";
import type { PageId } from "@/api/session";

export const PAGE_ICONS: Record<PageId, ReactNode> = {
  home: <HomeOutlined />,
  chat: <MessageOutlined />,
  knowledge: <BookOutlined />,
  review: <FileDoneOutlined />,
  gaps: <QuestionCircleOutlined />,
  models: <ClusterOutlined />,
  safety: <SafetyOutlined />,
  audit: <AuditOutlined />,
  admin: <SettingOutlined />,
  about: <InfoCircleOutlined />,
};
