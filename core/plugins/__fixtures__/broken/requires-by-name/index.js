const name = ['pg', 'boss'].join('-');
const boss = require(name);

module.exports.default = boss;
