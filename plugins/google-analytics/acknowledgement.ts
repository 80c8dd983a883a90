/** The exact sentence the Admin API asks for; the owner agrees to it by ticking the box beside it. */
export const ACKNOWLEDGEMENT =
  'I acknowledge that I have the necessary privacy disclosures and rights from my end users for the collection and processing of their data, including the association of such data with the visitation information Google Analytics collects from my site and/or app property.';
