/** A form sent with its progress, which fetch cannot tell. */
import { ApiError, currentCsrfToken, urlOf } from "./client";

const OFFLINE_MESSAGE = "网络断了，请检查网络后重新上传。";
const BROKEN_MESSAGE = "服务器没有收下文件，请稍后重新上传；如果一再出现，请把请求编号告诉系统管理员。";

function bodyOf(text: string): { code?: string; message?: string } {
  try {
    return JSON.parse(text) as { code?: string; message?: string };
  } catch {
    return {};
  }
}

/** Post a form; `onSent` is told the bytes that are out and all bytes. Raises ApiError. */
export function upload<T>(path: string, form: FormData, onSent: (loaded: number, total: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", urlOf(path));
    const token = currentCsrfToken();
    if (token) request.setRequestHeader("X-CSRF-Token", token);
    request.upload.onprogress = (event) => onSent(event.loaded, event.total);
    request.onerror = () => reject(new ApiError(0, "offline", OFFLINE_MESSAGE, ""));
    request.onload = () => {
      const body = bodyOf(request.responseText);
      if (request.status >= 200 && request.status < 300) return resolve(body as T);
      const id = request.getResponseHeader("x-request-id") ?? "";
      reject(new ApiError(request.status, body.code ?? "broken", body.message ?? BROKEN_MESSAGE, id));
    };
    request.send(form);
  });
}
