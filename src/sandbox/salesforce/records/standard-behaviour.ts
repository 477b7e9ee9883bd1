import type { ObjectDefinition, Value, Values } from '../org/schema.ts';
import { stages } from '../org/standard-picklists.ts';

/** What an org does by itself to a standard record on save, after the caller's values and before rules run. */
type Behaviour = (values: Values, before: Readonly<Values> | null, given: ReadonlySet<string>) => void;

const joined = (...parts: (Value | undefined)[]): string | null =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' ') || null;

const personName: Behaviour = (values) => {
  values.Name = joined(values.FirstName, values.LastName);
};

const forecastOf: Readonly<Record<string, string>> = { 'Best Case': 'BestCase', Commit: 'Forecast' };

/** The stage sets probability, forecast category and the closed flags; a probability given beside it wins. */
const opportunity: Behaviour = (values, before, given) => {
  const stageChanged = before === null || before.StageName !== values.StageName;
  const stage = stages.find((one) => one.name.toLowerCase() === String(values.StageName).toLowerCase());
  if (stageChanged && stage !== undefined) {
    if (!given.has('Probability')) values.Probability = stage.probability;
    if (!given.has('ForecastCategoryName')) values.ForecastCategoryName = stage.forecast;
  }
  values.IsClosed = stage?.closed ?? false;
  values.IsWon = stage?.won ?? false;
  const forecast = values.ForecastCategoryName;
  values.ForecastCategory = typeof forecast === 'string' ? (forecastOf[forecast] ?? forecast) : null;
  const amount = values.Amount;
  const probability = values.Probability;
  values.ExpectedRevenue =
    typeof amount === 'number' ? Math.round(amount * (typeof probability === 'number' ? probability : 0)) / 100 : null;
  const closeDate = values.CloseDate;
  if (typeof closeDate === 'string') {
    values.FiscalYear = Number(closeDate.slice(0, 4));
    values.FiscalQuarter = Math.ceil(Number(closeDate.slice(5, 7)) / 3);
  }
};

const behaviours: Readonly<Record<string, Behaviour>> = {
  Lead: personName,
  Contact: personName,
  User: personName,
  Opportunity: opportunity,
  Task: (values) => {
    values.IsClosed = values.Status === 'Completed';
  },
  OpportunityLineItem: (values) => {
    const { Quantity: quantity, UnitPrice: price } = values;
    if (typeof quantity === 'number' && typeof price === 'number') values.TotalPrice = quantity * price;
  },
};

export function applyStandardBehaviour(
  object: ObjectDefinition,
  values: Values,
  before: Readonly<Values> | null,
  given: ReadonlySet<string>,
): void {
  behaviours[object.name]?.(values, before, given);
}
