/** The posts of the bank: what somebody does, to which documents and work are opened. */
import { App, Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { api, messageOf } from "@/api/client";
import { useDanger } from "@/blocks/danger";
import { Loaded, State } from "@/blocks/States";
import { useBlockWords } from "@/blocks/words";
import { useAdminChange, usePosts } from "./queries";
import type { Post } from "./records";
import { useAdminWords } from "./words";
import styles from "./admin.module.css";

interface PostForm {
  name: string;
  description: string;
}

function Editor({ post, onClose }: { post: Post | null; onClose: () => void }) {
  const t = useAdminWords();
  const common = useBlockWords();
  const { message } = App.useApp();
  const [form] = Form.useForm<PostForm>();
  const save = useAdminChange((given: PostForm) => (post ? api.patch(`/posts/${post.id}`, given) : api.post("/posts", given)));
  const submit = async () => {
    const given = await form.validateFields().catch(() => null);
    if (!given) return;
    try {
      await save.mutateAsync(given);
      void message.success(t("saved"));
      onClose();
    } catch (error) {
      form.setFields([{ name: "name", errors: [messageOf(error)] }]);
    }
  };
  return (
    <Modal
      open
      title={post ? post.name : t("add")}
      okText={t("save")}
      cancelText={common("cancel")}
      confirmLoading={save.isPending}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={{ name: post?.name ?? "", description: post?.description ?? "" }}>
        <Form.Item name="name" label={t("name")} rules={[{ required: true, whitespace: true, message: t("nameNeeded") }]}>
          <Input maxLength={100} autoFocus />
        </Form.Item>
        <Form.Item name="description" label={t("description")}>
          <Input.TextArea rows={3} maxLength={1000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function PostsPage() {
  const t = useAdminWords();
  const ask = useDanger();
  const { message } = App.useApp();
  const posts = usePosts();
  const [editing, setEditing] = useState<Post | "new" | null>(null);
  const remove = useAdminChange((id: string) => api.remove(`/posts/${id}`));
  const add = (
    <Button type="primary" onClick={() => setEditing("new")}>
      {t("add")}
    </Button>
  );
  const askRemove = ({ id, name, people }: Post) =>
    ask({
      title: `${t("remove")} “${name}”`,
      consequence: t("postRemoveHint", { name, n: people }),
      verb: t("remove"),
      act: () => remove.mutateAsync(id).catch((error: unknown) => message.error(messageOf(error))),
    });
  return (
    <>
      <Loaded
        query={posts}
        isEmpty={({ items }) => items.length === 0}
        empty={<State title={t("noPosts")} hint={t("noPostsHint")} action={add} />}
      >
        {({ items }) => (
          <>
            <div className={styles.tools}>{add}</div>
            <ul className={styles.plain}>
              {items.map((post) => (
                <li key={post.id} className={styles.card}>
                  <h3>
                    <span>
                      {post.name} <span className={styles.dim}>{t("people_n", { n: post.people })}</span>
                    </span>
                    <span>
                      <Button type="link" size="small" onClick={() => setEditing(post)}>
                        {t("edit")}
                      </Button>
                      <Button type="link" size="small" danger onClick={() => askRemove(post)}>
                        {t("remove")}
                      </Button>
                    </span>
                  </h3>
                  {post.description ? <p>{post.description}</p> : null}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
      {editing ? <Editor post={editing === "new" ? null : editing} onClose={() => setEditing(null)} /> : null}
    </>
  );
}
