module.exports = { testEnvironment: 'node', testMatch: ['**/*.test.cjs'], haste: { enableSymlinks: false } };
