// The OpenTelemetry Operator copies this folder into a pod and preloads this file, by its name, with --require.
// Where its own auto-instrumentation is wanted too: make the image from the Operator's, with its file of this name
// renamed, and required here first.
require('@loopscope/sdk/register');
