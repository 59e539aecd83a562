from bot.cli.operators import main

if __name__ == "__main__":
    main()
