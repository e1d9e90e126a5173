// Each process listens at the port after the one before: `increment_var` counts them.
module.exports = {
  apps: ['fork', 'cluster'].map((exec_mode, index) => ({
    name: exec_mode,
    exec_mode,
    script: `${__dirname}/server.mjs`,
    instances: 2,
    node_args: '--import @loopscope/sdk/register',
    increment_var: 'LOOPSCOPE_PORT',
    env: {
      PORT: exec_mode === 'fork' ? 0 : process.env.PORT,
      LOOPSCOPE_PORT: Number(process.env.LOOPSCOPE_PORT) + 2 * index,
    },
  })),
};
