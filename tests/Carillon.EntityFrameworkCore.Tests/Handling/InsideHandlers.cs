namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Handles exactly once, with a context that comes as a parameter.</summary>
public static class InsideHandlers
{
    [Handler]
    public static Task On(PaymentReceived payment, ShopContext context, HandlerSteps steps)
    {
        steps.Run(context);
        return steps.Use(context);
    }
}
