/** The time in ACE's file names: MMDDYYYYHHMMSS in GMT. */
export function fileTime(time: Date): string {
  const iso = time.toISOString();
  return `${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(0, 4)}${iso.slice(11, 19).replaceAll(':', '')}`;
}
