const { definePlugin } = require('patchbay');
const { manifest } = require('./manifest.js');

module.exports.default = definePlugin(manifest, {
  identify: async () => ({ externalId: '1', label: 'Plain' }),
});
