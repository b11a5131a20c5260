/** A day as YYYY-MM-DD, chosen in a calendar or typed. */
import { DatePicker } from "antd";
import dayjs from "dayjs";

interface DayInputProps {
  value?: string | null;
  /** "" when it was cleared. */
  onChange?: (day: string) => void;
  id?: string;
  "aria-label"?: string;
}

const SHAPE = "YYYY-MM-DD";

export function DayInput({ value, onChange, ...rest }: DayInputProps) {
  return (
    <DatePicker
      {...rest}
      style={{ width: "100%" }}
      format={SHAPE}
      value={value ? dayjs(value) : null}
      onChange={(day) => onChange?.(day ? day.format(SHAPE) : "")}
    />
  );
}
