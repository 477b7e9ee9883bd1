/** Why a message did not go out, as a code such as `HTTP 500` or `ECONNREFUSED`: no address and no foreign text. */
export class DeliveryFailure extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`The message was not delivered: ${code}.`);
    this.name = 'DeliveryFailure';
    this.code = code;
  }
}
