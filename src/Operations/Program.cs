using Operations;
using Operations.Site;

// The static pages of ServicePulse are served by a process of their own: --servicepulse FOLDER.
var app = ServicePulseSite.IsAskedFor(args) ? ServicePulseSite.Create(args) : OperationsService.Create(args);
app.Run();
