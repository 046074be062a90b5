/** The bar beside an embed or a container. Set as a property, as the page allows no style in its markup. @param colour Discord's number, 0xRRGGBB. */
export function barColour(colour: number | null | undefined): string {
  return colour === null || colour === undefined ? '' : `--bar: #${colour.toString(16).padStart(6, '0')}`;
}
