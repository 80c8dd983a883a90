export default { hosts: [] };
