using Portable.Hosting.TestHost;

// The first argument says what this program is: a service, or the app host that runs it.
return args switch
{
    ["service", ..] => Service.Run(args),
    ["end", var code] => int.Parse(code, System.Globalization.CultureInfo.InvariantCulture),
    _ => Host.Run(args),
};
