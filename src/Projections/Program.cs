using Projections;
using ServiceDefaults;

// One process per store: --store postgres, redis or search.
var builder = WebApplication.CreateBuilder(args);
var store = builder.Configuration.RequireStore();

builder.AddServiceDefaults();
builder.AddDatabase("commerce", ProjectionRegistration.ReadInBulk);
builder.AddProjections(store);
builder.AddCommerceEndpoint($"Commerce.Projections.{store}", ProjectionEndpoint.Configure);

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
