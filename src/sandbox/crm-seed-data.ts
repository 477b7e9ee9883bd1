/** A CRM opportunity that a sales person wants to share: what stands in Salesforce, and the answers of the share form. */
export interface UnsharedOpportunity {
  readonly account: Readonly<Record<string, string>>;
  readonly opportunity: Readonly<Record<string, string | number>>;
  readonly details: Readonly<Record<string, string | number>>;
}

interface Draft {
  readonly company: string;
  readonly title: string;
  readonly description: string;
  readonly industry: string;
  readonly country: string;
  readonly state?: string;
  readonly city: string;
  readonly postalCode: string;
  readonly useCase: string;
  readonly revenue: number;
  /** Days from now. */
  readonly closesIn: number;
  readonly wrong?: Readonly<Record<string, string | number>>;
}

const drafts: readonly Draft[] = [
  {
    company: 'Larkspur Foods',
    title: 'Data lake for store sales',
    description: 'Collect the till data of 240 stores and make it available to planners every hour.',
    industry: 'Retail',
    country: 'United States',
    state: 'Ohio',
    city: 'Dayton',
    postalCode: '45402',
    useCase: 'Big Data: Data Warehouse / Data Integration / ETL / Data Lake / BI',
    revenue: 4200,
    closesIn: 60,
  },
  {
    company: 'Harbour Insurance',
    title: 'Claims intake in the cloud',
    description: 'Move claims intake off the mainframe and scale it for storm days without new hardware.',
    industry: 'Financial Services',
    country: 'United Kingdom',
    city: 'Bristol',
    postalCode: 'BS1 4DJ',
    useCase: 'Business Applications: Mainframe Modernization',
    revenue: 9800,
    closesIn: 90,
  },
  {
    company: 'Orrin Robotics',
    title: 'Telemetry of warehouse robots',
    description: 'Ingest telemetry of 3,000 robots and warn the operators before a drive fails.',
    industry: 'Manufacturing',
    country: 'Germany',
    city: 'Stuttgart',
    postalCode: '70173',
    useCase: 'IOT',
    revenue: 5600,
    closesIn: 45,
  },
  {
    company: 'Meridian Travel',
    title: 'Booking engine migration',
    description: 'Migrate the booking engine and its database without a stop longer than one hour.',
    industry: 'Travel',
    country: 'Spain',
    city: 'Valencia',
    postalCode: '46001',
    useCase: 'Migration / Database Migration',
    revenue: 7400,
    closesIn: 75,
  },
  {
    company: 'Copperleaf Games',
    title: 'Match making backend',
    description: 'Run match making on containers that follow the players around the globe.',
    industry: 'Gaming',
    country: 'Canada',
    city: 'Montreal',
    postalCode: 'H2Y 1C6',
    useCase: 'Containers & Serverless',
    revenue: 12500,
    closesIn: 50,
  },
  {
    company: 'Bluefin Logistics',
    title: 'Route planning as a service',
    description: 'Give dispatchers a route plan within seconds when a truck falls out or a road closes.',
    industry: 'Transportation & Logistics',
    country: 'Netherlands',
    city: 'Rotterdam',
    postalCode: '3011 AA',
    useCase: 'High Performance Computing',
    revenue: 3900,
    closesIn: 120,
  },
  {
    company: 'Saffron Health',
    title: 'Patient portal security review',
    description: 'Harden the patient portal and show the auditors who may see which record and why.',
    industry: 'Healthcare',
    country: 'United States',
    state: 'Texas',
    city: 'Austin',
    postalCode: '78701',
    useCase: 'Security & Compliance',
    revenue: 2600,
    closesIn: 40,
  },
  {
    company: 'Tern Media',
    title: 'Archive restore',
    description: 'Too short.',
    industry: 'Media & Entertainment',
    country: 'France',
    city: 'Lyon',
    postalCode: '69001',
    useCase: 'Storage & Backup',
    revenue: 1800,
    closesIn: 80,
  },
  {
    company: 'Quarry Energy',
    title: 'Grid forecast',
    description: 'Forecast the load of the grid a day ahead from weather, history and the calendar.',
    industry: 'Energy - Power & Utilities',
    country: 'United States',
    city: 'Denver',
    postalCode: '80202',
    useCase: 'AI Machine Learning and Analytics',
    revenue: 8800,
    closesIn: 100,
  },
  {
    company: 'Willow Retail',
    title: 'Click and collect',
    description: 'Let customers order online and collect in the store within two hours of the order.',
    industry: 'Retail',
    country: 'Italy',
    city: 'Turin',
    postalCode: '10121',
    useCase: 'Web development & DevOps',
    revenue: 3100,
    closesIn: 65,
    wrong: { Use_Case__c: 'Online shopping' },
  },
];

/** Ten opportunities; the eighth's description is too short, the ninth lacks its state, the tenth's use case is none of ACE's. */
export function unsharedOpportunities(now: Date): readonly UnsharedOpportunity[] {
  return drafts.map((draft) => ({
    account: {
      Name: draft.company,
      Website: `https://www.${draft.company.toLowerCase().replaceAll(' ', '-')}.example`,
      Industry: draft.industry,
      BillingCountry: draft.country,
      BillingCity: draft.city,
      BillingPostalCode: draft.postalCode,
      ...(draft.state === undefined ? {} : { BillingState: draft.state }),
    },
    opportunity: {
      Name: draft.title,
      Description: draft.description,
      StageName: 'Qualification',
      CloseDate: new Date(now.getTime() + draft.closesIn * 24 * 60 * 60 * 1000).toISOString().slice(0, 10),
    },
    details: {
      Use_Case__c: draft.useCase,
      Delivery_Model__c: 'Professional Services',
      Need_From_AWS__c: 'Co-Sell - Architectural Validation',
      Sales_Activities__c: 'Initialized discussions with customer',
      From_Marketing__c: 'No',
      Solution_Offered__c: 'Other',
      Other_Solution__c: 'Delivery by our own consultants',
      Monthly_AWS_Revenue__c: draft.revenue,
      ...draft.wrong,
    },
  }));
}
