/**
 * Standard values of opportunity fields, letter for letter and case for case: an en dash (U+2013) stands in five
 * `closedLostReason` values. Source: aws-samples/partner-crm-integration-samples (MIT), field definitions V12 (payload version 1) and V14.3 (payload version 2).
 */
export const industryValues = [
  'Aerospace',
  'Agriculture',
  'Automotive',
  'Computers & Electronics',
  'Consumer Goods',
  'Education',
  'Financial Services',
  'Gaming',
  'Government',
  'Healthcare',
  'Hospitality',
  'Life Sciences',
  'Manufacturing',
  'Marketing & Advertising',
  'Media & Entertainment',
  'Mining',
  'Non-Profit Organization',
  'Energy - Oil & Gas',
  'Other',
  'Energy - Power & Utilities',
  'Professional Services',
  'Real Estate & Construction',
  'Retail',
  'Software & Internet',
  'Telecommunications',
  'Transportation & Logistics',
  'Travel',
  'Wholesale & Distribution',
] as const satisfies readonly string[];

export const statusValues = [
  'Draft',
  'Submitted',
  'In review',
  'Approved',
  'Rejected',
  'Action Required',
] as const satisfies readonly string[];

export const partnerPrimaryNeedFromAwsV1 = [
  'Architectural validation',
  'Business presentation',
  'Competitive Information',
  'Pricing Assistance',
  'Technical consultation',
  'Total Cost of Ownership Evaluation',
  'For Visibility - No Assistance Needed',
  'Deal support',
  'Other',
] as const satisfies readonly string[];

export const partnerPrimaryNeedFromAwsV2 = [
  'Co-Sell - Architectural Validation',
  'Co-Sell - Business Presentation',
  'Co-Sell - Competitive Information',
  'Co-Sell - Pricing Assistance',
  'Co-Sell - Technical Consultation',
  'Co-Sell - Total Cost of Ownership Evaluation',
  'Co-Sell - Deal Support',
  'Do Not Need Support from AWS Sales Rep',
  'Co-Sell - Support for Public Tender / RFx',
] as const satisfies readonly string[];

export const competitiveTrackingValues = [
  'Oracle Cloud',
  'On-Prem',
  'Co-location',
  'Akamai',
  'AliCloud',
  'Google Cloud Platform',
  'IBM Softlayer',
  'Microsoft Azure',
  'Other- Cost Optimization',
  'No Competition',
  '*Other',
] as const satisfies readonly string[];

export const useCaseV1 = [
  'AI/Machine Learning',
  'Big Data',
  'Business Applications',
  'Cloud Management Tools & DevOps',
  'Containers & Serverless',
  'End User Computing',
  'Energy',
  'Financial Services',
  'Healthcare & Life Sciences',
  'Hybrid application platform',
  'Industrial Software',
  'IOT',
  'Media & High performance computing (HPC)',
  'Migration',
  'Networking',
  'Security',
  'Storage',
  'Training',
] as const satisfies readonly string[];

export const useCaseV2 = [
  'AI Machine Learning and Analytics',
  'Big Data: Data Warehouse / Data Integration / ETL / Data Lake / BI',
  'Business Applications & Contact Center',
  'Cloud Management Tools',
  'Containers & Serverless',
  'Edge Computing / End User Computing',
  'Energy',
  'Financial Services',
  'Healthcare and Life Sciences',
  'Hybrid Application Platform',
  'Industrial Software',
  'IOT',
  'Media & High performance computing (HPC)',
  'Migration / Database Migration',
  'Networking',
  'Security & Compliance',
  'Storage & Backup',
  'Training',
  'Archiving',
  'Blockchain',
  'Business Applications & SAP Production',
  'Business Applications: Mainframe Modernization',
  'Centralized Operations Management',
  'Cloud Management Tools & DevOps with Continuous Integration & Continuous Delivery (CICD)',
  'Configuration, Compliance & Auditing',
  'Connected Services',
  'Content Delivery & Edge Services',
  'Database',
  'Enterprise Governance & Controls',
  'Enterprise Resource Planning',
  'High Performance Computing',
  'Manufacturing, Supply Chain and Operations',
  'Monitoring & Observability',
  'Monitoring, logging and performance',
  'Outpost',
  'SAP',
  'VMC',
  'VMWare',
  'Web development & DevOps',
] as const satisfies readonly string[];

export const campaignNameV1 = [
  'APN Immersion Days',
  'APN Solution Space',
  'ATO (Authority to Operate)',
  'AWS Marketplace Campaign',
  'ISV Immersion Day SFID Program',
  'ISV Workload Migration',
  'Migration Acceleration Program (MAP)',
  'Partner Launch Initiative',
  'Partner Opportunity Acceleration Funded',
  'The Next Smart',
  'VMware Cloud on AWS',
  'Well-Architected',
  'Windows',
  'Workspaces/AppStream Accelerator Program',
  'WWPS NewBE',
] as const satisfies readonly string[];

export const campaignNameV2 = [
  'APN Immersion Days',
  'APN Solution Space',
  'ATO (Authority to Operate)',
  'AWS Marketplace Campaign',
  'ISV Immersion Day SFID Program',
  'ISV Workload Migration',
  'Migration Acceleration Program',
  'Partner Launch Initiative',
  'Partner Opportunity Acceleration Funded',
  'The Next Smart',
  'VMware Cloud on AWS',
  'Well-Architected',
  'Windows',
  'Workspaces/AppStream Accelerator Program',
  'WWPS NDPP',
  'P3',
] as const satisfies readonly string[];

export const partnerAcceptanceStatusValues = ['Accepted', 'Rejected'] as const satisfies readonly string[];

export const stageValues = [
  'Prospect',
  'Qualified',
  'Technical Validation',
  'Business Validation',
  'Committed',
  'Launched',
  'Closed Lost',
] as const satisfies readonly string[];

export const opportunityOwnershipValues = ['AWS Referral', 'Partner Referral'] as const satisfies readonly string[];

export const deliveryModelValues = [
  'SaaS or PaaS',
  'BYOL or AMI',
  'Managed Services',
  'Professional Services',
  'Resell',
  'Other',
] as const satisfies readonly string[];

export const closedLostReasonValues = [
  'Customer Deficiency',
  'Delay / Cancellation of Project',
  'Legal / Tax / Regulatory',
  'Lost to Competitor – Google',
  'Lost to Competitor – Microsoft',
  'Lost to Competitor – SoftLayer',
  'Lost to Competitor – VMWare',
  'Lost to Competitor – Other',
  'No Opportunity',
  'On Premises Deployment',
  'Partner Gap',
  'Price',
  'Security / Compliance',
  'Technical Limitations',
  'Customer Experience',
  'Other',
  'People/Relationship/Governance',
  'Product/Technology',
  'Financial/Commercial',
] as const satisfies readonly string[];

export const procurementTypeValues = ['Contract', 'Pay-as-you-go', 'Subscription'] as const satisfies readonly string[];

export const marketingActivityChannelValues = [
  'AWS Marketing Central',
  'Content Syndication',
  'Display',
  'Email',
  'Live Event',
  'Out Of Home (OOH)',
  'Print',
  'Search',
  'Social',
  'Telemarketing',
  'TV',
  'Video',
  'Virtual Event',
] as const satisfies readonly string[];

export const marketingActivityUsecaseValues = [
  'AI/ML',
  'Analytics',
  'Application Integration',
  'Blockchain',
  'Business Applications',
  'Cloud Financial Management',
  'Compute',
  'Containers',
  'Customer Engagement',
  'Databases',
  'Developer Tools',
  'End User Computing',
  'Front End Web & Mobile',
  'Game Tech',
  'IoT',
  'Management & Governance',
  'Media Services',
  'Migration & Transfer',
  'Networking & Content Delivery',
  'Quantum Technologies',
  'Robotics',
  'Satellite',
  'Security',
  'Serverless',
  'Storage',
  'VR & AR',
] as const satisfies readonly string[];

export const salesActivitiesV2 = [
  'Initialized discussions with customer',
  'Customer has shown interest in solution',
  'Conducted POC / Demo',
  'In evaluation / planning stage',
  'Agreed on solution to Business Problem',
  'Completed Action Plan',
  'Finalized Deployment Need',
  'SOW Signed',
] as const satisfies readonly string[];

export const opportunityTypeV2 = ['Flat Renewal', 'Expansion', 'Net New Business'] as const satisfies readonly string[];

export const rejectionReasonV2 = [
  'Customer problem unclear',
  'Next steps unclear',
  'Unable to support',
  'Duplicate of Partner Referral',
  'Renewal opportunity',
  'Other',
] as const satisfies readonly string[];

export const engagementScoreV2 = ['Low', 'Medium', 'High'] as const satisfies readonly string[];

export const cosellConvertReasonV2 = [
  'Expansion Opportunity',
  'Change in Deal Information',
  'Customer Requested',
  'Technical Complexity',
  'Risk Mitigation',
] as const satisfies readonly string[];
