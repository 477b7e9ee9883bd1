/** Fields that the day edits, on both sides: ACE's name, the CRM's, and where the CRM's stands. */
export interface EditedField {
  readonly ace: string;
  readonly crm: string;
  readonly on: 'record' | 'row';
  /** The AWS mirror field of the companion row that shows ACE's value. */
  readonly mirror?: string;
  /** ACE takes a change only while it asks for corrections, so that an edit may rightly stay in the CRM. */
  readonly closedOnceOpen?: true;
  /** AWS's changes are taken over into the CRM's own field as long as nobody changed that. */
  readonly comesIn: boolean;
}

export const editedFields: Readonly<Record<'opportunity' | 'lead', readonly EditedField[]>> = {
  opportunity: [
    { ace: 'nextStep', crm: 'NextStep', on: 'record', mirror: 'AWS_Next_Step__c', comesIn: false },
    { ace: 'targetCloseDate', crm: 'CloseDate', on: 'record', mirror: 'AWS_Close_Date__c', comesIn: false },
    { ace: 'projectDescription', crm: 'Description', on: 'record', closedOnceOpen: true, comesIn: false },
    { ace: 'partnerProjectTitle', crm: 'Name', on: 'record', closedOnceOpen: true, comesIn: true },
    { ace: 'expectedMonthlyAwsRevenue', crm: 'Monthly_AWS_Revenue__c', on: 'row', comesIn: true },
  ],
  lead: [
    { ace: 'title', crm: 'Title', on: 'record', comesIn: true },
    { ace: 'projectDescription', crm: 'Description', on: 'record', comesIn: true },
  ],
};
