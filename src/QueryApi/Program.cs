using QueryApi;
using ServiceDefaults;
using ServiceDefaults.Http;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddQueryApi();

var app = builder.Build();
app.UseHttpApi();
app.UseQueryApi();
app.MapDefaultEndpoints();
await app.RunAsync();
