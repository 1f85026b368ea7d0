using Operations;
using Operations.Security;
using Operations.Site;

try
{
    // The static pages of ServicePulse are served by a process of their own: --servicepulse FOLDER.
    var app = ServicePulseSite.IsAskedFor(args) ? ServicePulseSite.Create(args) : OperationsService.Create(args);
    app.Run();
    return 0;
}
catch (OperatorSettingsException unsafeToStart)
{
    Console.Error.WriteLine(unsafeToStart.Message);
    return 1;
}
