using Qube.Benchmarks;

return TriggerMatching.Run(isSmoke: args.Contains("smoke"), Console.Out);
