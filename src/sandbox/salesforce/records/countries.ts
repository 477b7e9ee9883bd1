/** States that the org knows, by country; in other countries any state is refused, as where none is configured. */
const statesByCountry: Readonly<Record<string, readonly string[]>> = {
  'United States':
    'Alabama;Alaska;Arizona;Arkansas;California;Colorado;Connecticut;Delaware;District of Columbia;Florida;Georgia;Hawaii;Idaho;Illinois;Indiana;Iowa;Kansas;Kentucky;Louisiana;Maine;Maryland;Massachusetts;Michigan;Minnesota;Mississippi;Missouri;Montana;Nebraska;Nevada;New Hampshire;New Jersey;New Mexico;New York;North Carolina;North Dakota;Ohio;Oklahoma;Oregon;Pennsylvania;Rhode Island;South Carolina;South Dakota;Tennessee;Texas;Utah;Vermont;Virginia;Washington;West Virginia;Wisconsin;Wyoming'.split(
      ';',
    ),
  Canada:
    'Alberta;British Columbia;Manitoba;New Brunswick;Newfoundland and Labrador;Northwest Territories;Nova Scotia;Nunavut;Ontario;Prince Edward Island;Quebec;Saskatchewan;Yukon Territories'.split(
      ';',
    ),
};

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** English names of all ISO 3166-1 countries, as an org with state and country picklists has them. */
const countries: ReadonlySet<string> = new Set(
  Array.from({ length: 26 * 26 }, (_, index) => {
    const letters = [Math.floor(index / 26), index % 26].map((offset) => String.fromCharCode(65 + offset));
    return names.of(letters.join(''));
  }).filter((name) => name !== undefined),
);

/** Says what is wrong with the country and state of an address; null where nothing is. */
export function addressProblem(
  country: string | null,
  state: string | null,
): { readonly part: 'Country' | 'State'; readonly message: string } | null {
  if (country !== null && !countries.has(country))
    return {
      part: 'Country',
      message:
        "There's a problem with this country, even though it may appear correct. Please select a country/territory from the list of valid countries.",
    };
  if (state === null) return null;
  if (country === null)
    return {
      part: 'State',
      message: 'A country/territory must be specified before specifying a state value for field',
    };
  if (statesByCountry[country]?.includes(state)) return null;
  return {
    part: 'State',
    message:
      "There's a problem with this state, even though it may appear correct. Please select a state from the list of valid states.",
  };
}
