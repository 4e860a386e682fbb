/** The number without its writing: `+86 138-1234-1234` and `13812341234` are one caller. */
export function normalPhone(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '')
  return digits.replace(/^(?:0{0,2}86)(?=1\d{10}$)/, '')
}
