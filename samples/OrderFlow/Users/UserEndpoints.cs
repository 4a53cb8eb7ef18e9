using Carillon;
using OrderFlow.Contracts;
using OrderFlow.Web;

namespace OrderFlow.Users;

/// <summary><c>POST /users</c> and <c>GET /users</c>.</summary>
internal static class UserEndpoints
{
    /// <summary>Where users register: only in the process that runs the users service.</summary>
    public static void MapRegistration(this IEndpointRouteBuilder routes) => routes.MapPost("/users", RegisterAsync);

    /// <summary>Where users are read.</summary>
    public static void MapUsers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/users", (HttpRequest request, Accounts accounts, CancellationToken cancellation) =>
            PageQuery.From(request).ReadAsync(accounts.ListAsync, cancellation));

    private static async Task<IResult> RegisterAsync(
        HttpRequest http, [FromKeyedServices("users")] IEventBus bus, TimeProvider time, CancellationToken cancellation)
    {
        var (request, refusal) = await JsonBody.ReadAsync(http, ShopJson.Default.RegisterUser, cancellation);
        if (request is null)
            return refusal!;
        var mistakes = new Mistakes();
        mistakes.CheckText("name", request.Name);
        mistakes.CheckEmail("email", request.Email);
        if (mistakes.Any)
            return mistakes.ToProblem();
        var user = new UserRegistered(Guid.CreateVersion7(time.GetUtcNow()).ToString(), request.Name!, request.Email!);
        await bus.PublishAsync(user, cancellation);
        return TypedResults.Accepted((string?)null, new UserAccepted(user.UserId));
    }
}
