export const label = 'One';
